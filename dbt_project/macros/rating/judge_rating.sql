{#
    The rating of every company and month: the model's grade by its points, an override within its
    notches, what knocks out, and what became of the rating of the month before.
    `companies`: relation like int_rating_company; `scored`: like int_rating_scored, with the months
    that trends begin with; `decisions`: like int_company_decision_month; `months`: like
    build_months(); `before`: like rating_month, with what was held at the end of earlier months.
#}
{% macro judge_rating(companies, scored, decisions, months, before) -%}
    with

    terms as (
        {{ rating_terms(months) }}
    ),

    bands as (
        {{ rating_bands(months, 'terms') }}
    ),

    named as (
        {{ rating_named_grades(months, 'bands') }}
    ),

    decided as (
        {{ rating_decisions_in_force(decisions, 'terms') }}
    ),

    knocked as (
        {{ rating_knocked_out(companies, months, 'terms', 'named') }}
    ),

    modelled as (
        {{ rating_modelled(companies, scored, 'decided', 'knocked', 'named', 'bands', 'terms') }}
    ),

    graded as (
        select
            modelled.*,
            final.grade,
            final.grade_rank,
            final.default_probability,
        from modelled
        left join bands as final
            on modelled.month = final.month and modelled.final_notch = final.notch
    ),

    acted as (
        {{ rating_actions('graded', before) }}
    )

    select
        customer_key,
        month,
        judged_on,
        is_closed,
        coalesce(grade, status) as rating,
        grade,
        grade_rank,
        default_probability,
        status,
        unrated_reason,
        action,
        outlook,
        outlook_source,
        valid_from,
        valid_to,
        evidence_on,
        grade_before,
        rank_before,
        model_grade,
        model_rank,
        total_points,
        model_bound,
        cast(total_points - model_bound as decimal(18, 6)) as margin,
        next_grade,
        next_bound,
        cast(next_bound - total_points as decimal(18, 6)) as gap_to_next,
        {% for part, names in rating_blocks().items() -%}
        {{ part }}_points,
        {{ from_cents(part ~ '_weight') }} as {{ part }}_weight,
        {{ part }}_missing,
        {% for block in names -%}
        {{ block }}_points,
        {% endfor -%}
        {% endfor -%}
        {% for block in rating_blocks()['quantitative'] -%}
        {{ block }}_set,
        {% endfor -%}
        knockout,
        knockout_grade,
        is_override,
        is_override_bounded,
        changed_by,
        override_grade,
        override_reason,
        override_approver,
        override_decided_on,
        override_ends_on,
        points_before,
        cast(total_points - points_before as decimal(18, 6)) as points_change,
        outlook_points,
        industry,
        rated_as,
        benchmark,
        trade,
        year_end,
        is_audited,
        assessed_on,
        reading,
        set_choice,
        missing_choice,
        bbb_split,
        policy_version,
    from acted
{%- endmacro %}

{#
    Per company and month, the decisions that hold on the day judged, a column each: until the day
    they name; overrides and outlooks without one end by policy, withdrawals never.
#}
{% macro rating_decisions_in_force(decisions, terms) -%}
    {%- set wanted = {
        'override': ['grade', 'reason', 'approver', 'decided_on', 'ends_on'],
        'outlook': ['outlook'],
        'withdrawal': ['decided_on'],
    } -%}
    select
        customer_key,
        month,
        {% for kind, columns in wanted.items() -%}
        {% for column in columns -%}
        max(case when kind = '{{ kind }}' then {{ column }} end) as {{ kind }}_{{ column }},
        {% endfor -%}
        {% endfor -%}
    from (
        select
            made.*,
            terms.judged_on as asked_on,
            coalesce(
                made.expires_on,
                case
                    when made.kind <> 'withdrawal'
                        then {{ add_months('made.decided_on', 'terms.decision_months') }}
                end
            ) as ends_on,
        from {{ decisions }} as made
        inner join {{ terms }} as terms on made.month = terms.month
    ) as ending
    where ends_on is null or ends_on > asked_on
    group by customer_key, month
{%- endmacro %}

{# Per company and month to which conditions of policy apply: the one that leaves the worst grade. #}
{% macro rating_knocked_out(companies, months, terms, named) -%}
    select
        customer_key,
        month,
        condition as knockout,
        notch as knockout_notch,
        grade_in_force as knockout_grade,
    from (
        select
            company.customer_key,
            company.month,
            rules.condition,
            named.notch,
            named.grade_in_force,
            row_number() over (
                partition by company.customer_key, company.month
                order by named.notch, rules.condition
            ) as place,
        from {{ companies }} as company
        inner join {{ terms }} as terms on company.month = terms.month
        inner join (
            {{ policy_in_force(ref('policy_rating_knockout'), months) }}
        ) as rules
            on company.month = rules.month
        inner join {{ named }} as named
            on rules.month = named.month and rules.best_grade = named.grade
        where
            case rules.condition
                {% for name, condition in rating_knockouts().items() -%}
                when '{{ name }}' then {{ condition }}
                {% endfor -%}
            end
    ) as applying
    where place = 1
{%- endmacro %}

{#
    What the points say, whether it may be said, and what overrides and knock-outs make of it. An
    override is bounded first; what knocks out comes last, so that no decision lifts a rating over it.
#}
{% macro rating_modelled(companies, scored, decided, knocked, named, bands, terms) -%}
    with

    weighed as (
        select
            companies.*,
            {% for part, names in rating_blocks().items() -%}
            points.{{ part }}_points,
            points.{{ part }}_missing,
            terms.{{ part }}_weight,
            {% for block in names -%}
            points.{{ block }}_points,
            {% endfor -%}
            {% endfor -%}
            {% for block in rating_blocks()['quantitative'] -%}
            points.{{ block }}_set,
            {% endfor -%}
            points.total_points,
            model.grade as model_grade,
            model.grade_rank as model_rank,
            model.notch as model_notch,
            model.lower_bound as model_bound,
            model.next_grade,
            model.next_bound,
            -- Both parts' changes, for a trend that the two of them deny each other.
            past.total_points as points_before,
            {% for part in rating_blocks() -%}
            {{ from_millionths(
                in_ten_thousandths('(points.' ~ part ~ '_points - past.' ~ part ~ '_points)')
                ~ ' * terms.' ~ part ~ '_weight'
            ) }} as {{ part }}_change,
            {% endfor -%}
            terms.outlook_points,
            terms.most_missing_share,
            terms.override_up,
            terms.override_down,
            terms.reading,
            terms.set_choice,
            terms.missing_choice,
            terms.bbb_split,
            terms.policy_version,
            case
                when points.total_points is not null
                    then greatest(companies.statement_known_on, companies.sheet_known_on)
            end as evidence_on,
            {{ add_months('companies.year_end', 'terms.statement_months') }} as statement_ends_on,
            {{ add_months('companies.assessed_on', 'terms.assessment_months') }} as sheet_ends_on,
            {{ add_months(
                'greatest(companies.statement_known_on, companies.sheet_known_on)',
                'terms.validity_months'
            ) }} as evidence_ends_on,
        from {{ companies }} as companies
        inner join {{ terms }} as terms on companies.month = terms.month
        inner join {{ scored }} as points
            on
                companies.customer_key = points.customer_key
                and companies.month = points.month
        left join (
            select * from {{ scored }} as earlier
            where earlier.month in (select starts.outlook_since from {{ terms }} as starts)
        ) as past
            on
                companies.customer_key = past.customer_key
                and terms.outlook_since = past.month
        left join {{ bands }} as model
            on
                companies.month = model.month
                and {{ in_millionths('points.total_points') }} >= model.begins_at
                and {{ in_millionths('points.total_points') }} < model.ends_at
    ),

    asked as (
        select
            weighed.*,
            decided.override_grade,
            decided.override_reason,
            decided.override_approver,
            decided.override_decided_on,
            decided.override_ends_on,
            decided.outlook_outlook,
            wanted.notch as wanted_notch,
            knocked.knockout,
            knocked.knockout_notch,
            knocked.knockout_grade,
            {{ rating_unrated_reason() }} as unrated_reason,
        from weighed
        left join {{ decided }} as decided
            on
                weighed.customer_key = decided.customer_key
                and weighed.month = decided.month
        left join {{ named }} as wanted
            on weighed.month = wanted.month and decided.override_grade = wanted.grade
        left join {{ knocked }} as knocked
            on
                weighed.customer_key = knocked.customer_key
                and weighed.month = knocked.month
    ),

    bounded as (
        select
            *,
            case
                when unrated_reason is null then 'rated'
                when unrated_reason in ('relationship_ended', 'decided') then 'withdrawn'
                when unrated_reason in ('stale_statement', 'stale_sheet', 'not_reviewed')
                    then 'expired'
                else 'unrated'
            end as status,
            case
                when wanted_notch is null then model_notch
                else least(
                    greatest(wanted_notch, model_notch - override_down),
                    model_notch + override_up
                )
            end as asked_notch,
        from asked
    )

    select
        *,
        status = 'rated' and wanted_notch is not null as is_override,
        status = 'rated' and coalesce(asked_notch <> wanted_notch, false) as is_override_bounded,
        case
            when status = 'rated' then least(statement_ends_on, sheet_ends_on, evidence_ends_on)
        end as valid_to,
        case
            when status = 'rated' then least(asked_notch, coalesce(knockout_notch, asked_notch))
        end as final_notch,
        case
            when status <> 'rated' then null
            when least(asked_notch, coalesce(knockout_notch, asked_notch)) = model_notch
                then 'nothing'
            when knockout_notch < least(asked_notch, model_notch) then 'knockout'
            else 'override'
        end as changed_by,
        case
            when status <> 'rated' then null
            when outlook_outlook is not null then outlook_outlook
            when points_before is null then 'stable'
            when
                greatest(quantitative_change, qualitative_change) >= outlook_points
                and least(quantitative_change, qualitative_change) <= -outlook_points
                then 'developing'
            when quantitative_change + qualitative_change >= outlook_points then 'positive'
            when quantitative_change + qualitative_change <= -outlook_points then 'negative'
            else 'stable'
        end as outlook,
        case
            when status <> 'rated' then null
            when outlook_outlook is not null then 'decision'
            else 'trend'
        end as outlook_source,
    from bounded
{%- endmacro %}

{# Why a company has no grade, the first that applies; empty for those who have one. #}
{% macro rating_unrated_reason() -%}
    case
        when weighed.relationship_closed_on <= weighed.judged_on then 'relationship_ended'
        when decided.withdrawal_decided_on is not null then 'decided'
        when weighed.year_end is null then 'no_statement'
        when weighed.assessed_on is null then 'no_sheet'
        when weighed.statement_ends_on <= weighed.judged_on then 'stale_statement'
        when weighed.sheet_ends_on <= weighed.judged_on then 'stale_sheet'
        when weighed.evidence_ends_on <= weighed.judged_on then 'not_reviewed'
        when weighed.quantitative_missing > weighed.most_missing_share
            then 'incomplete_statement'
        when weighed.qualitative_missing > weighed.most_missing_share then 'incomplete_sheet'
    end
{%- endmacro %}

{#
    What became of the rating of the month before, where missing is a rating like any other: given,
    taken, moved, or affirmed by new evidence. It is valid from the newest such day.
    `graded`: relation like the parts of rating_month; `before`: earlier closed months of it.
#}
{% macro rating_actions(graded, before) -%}
    with

    stood as (
        select customer_key, month, grade, grade_rank, evidence_on from {{ before }}
        union all
        select customer_key, month, grade, grade_rank, evidence_on from {{ graded }}
    ),

    compared as (
        select
            graded.*,
            stood.grade as grade_before,
            stood.grade_rank as rank_before,
            case
                when graded.grade_rank is null and stood.grade_rank is not null then 'withdrawn'
                when graded.grade_rank is null then 'none'
                when stood.grade_rank is null then 'new'
                when graded.grade_rank > stood.grade_rank then 'up'
                when graded.grade_rank < stood.grade_rank then 'down'
                when graded.evidence_on > stood.evidence_on then 'affirmed'
                else 'none'
            end as action,
        from {{ graded }} as graded
        left join stood
            on
                graded.customer_key = stood.customer_key
                and graded.month = {{ add_months('stood.month', 1) }}
    )

    select
        compared.*,
        case
            when compared.grade_rank is not null
                then coalesce(
                    max(
                        case
                            when compared.action in ('new', 'up', 'down', 'affirmed')
                                then compared.judged_on
                        end
                    ) over (
                        partition by compared.customer_key order by compared.month
                        rows between unbounded preceding and current row
                    ),
                    before.valid_from
                )
        end as valid_from,
    from compared
    left join {{ before }} as before on compared.customer_key = before.customer_key
{%- endmacro %}
