{#
    The rating card: what each indicator and each item brings a company, one row each, and one per
    block for what scaling adds. Points are in ten-thousandths, weights in hundredths.
    `companies`: relation like int_rating_company; `ratios`, `sheet`: like int_company_ratio_month
    and int_company_sheet_month; `months`: like build_months().
#}
{% macro rating_card(companies, ratios, sheet, months) -%}
    with

    terms as (
        {{ rating_terms(months) }}
    ),

    quantified as (
        {{ rating_indicators(companies, ratios, months, 'terms') }}
    ),

    assessed as (
        {{ rating_items(companies, sheet, months, 'terms') }}
    ),

    criteria as (
        select * from quantified
        union all
        select * from assessed
    ),

    scaled as (
        {{ rating_scaling('criteria', months, 'terms') }}
    )

    select
        told.customer_key,
        told.month,
        terms.judged_on,
        terms.is_closed,
        told.part,
        told.block,
        told.criterion,
        told.applies_to,
        told.state,
        told.value,
        {% for level in rating_levels() -%}
        told.{{ level }},
        {% endfor -%}
        told.better,
        {{ from_cents('told.weight') }} as weight,
        {{ from_ten_thousandths('told.points') }} as points,
        {{ from_millionths(
            "coalesce(told.points, 0) * case told.part when 'quantitative'"
            ~ ' then terms.quantitative_weight else terms.qualitative_weight end'
        ) }} as weighted_points,
        told.assessor,
        told.assessed_on,
        terms.policy_version,
    from (
        select * from criteria
        union all
        select * from scaled
    ) as told
    inner join terms on told.month = terms.month
{%- endmacro %}

{# Indicators of the set that counts in each block, with their points by efficacy. #}
{% macro rating_indicators(companies, ratios, months, terms) -%}
    {%- set levels = rating_levels() -%}
    with

    long as (
        {% for name in company_ratios() -%}
        select
            customer_key,
            month,
            '{{ name }}' as indicator,
            {{ name }} as value,
            {{ name }}_state as state,
        from {{ ratios }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    benchmarks as (
        {{ policy_in_force(ref('policy_rating_benchmark'), months) }}
    ),

    asked as (
        select
            companies.customer_key,
            companies.month,
            companies.benchmark,
            indicators.block,
            indicators.indicator,
            indicators.indicator_set,
            indicators.better,
            {{ in_cents('indicators.weight') }} as weight,
            long.value,
            coalesce(long.state, 'missing') as state,
        from {{ companies }} as companies
        inner join (
            {{ policy_in_force(ref('policy_rating_indicator'), months) }}
        ) as indicators
            on companies.month = indicators.month
        left join long
            on
                companies.customer_key = long.customer_key
                and companies.month = long.month
                and indicators.indicator = long.indicator
    ),

    -- One set for the whole block: mixed, their weights would not come to the block's.
    chosen as (
        select
            gaps.customer_key,
            gaps.month,
            gaps.block,
            case
                when terms.set_choice <> 'base_else_alternative' then terms.set_choice
                when gaps.base_missing > 0 and gaps.alternative_missing = 0 then 'alternative'
                else 'base'
            end as indicator_set,
        from (
            select
                customer_key,
                month,
                block,
                {% for name in ['base', 'alternative'] -%}
                sum(
                    case when state = 'missing' and indicator_set = '{{ name }}' then 1 else 0 end
                ) as {{ name }}_missing,
                {% endfor -%}
            from asked
            group by customer_key, month, block
        ) as gaps
        inner join {{ terms }} as terms on gaps.month = terms.month
    ),

    -- Where less is better everything is turned round, so that more is.
    levelled as (
        select
            asked.*,
            {% for level in levels -%}
            benchmarks.{{ level }},
            case asked.better when 'less' then -1 else 1 end
            * {{ in_millionths('benchmarks.' ~ level) }} as {{ level }}_at,
            terms.{{ level }}_coefficient,
            {% endfor -%}
            case asked.better when 'less' then -1 else 1 end
            * {{ in_millionths('asked.value') }} as value_at,
        from asked
        inner join chosen
            on
                asked.customer_key = chosen.customer_key
                and asked.month = chosen.month
                and asked.block = chosen.block
                and asked.indicator_set = chosen.indicator_set
        inner join {{ terms }} as terms on asked.month = terms.month
        left join benchmarks
            on
                asked.month = benchmarks.month
                and asked.benchmark = benchmarks.benchmark
                and asked.indicator = benchmarks.indicator
    )

    select
        customer_key,
        month,
        'quantitative' as part,
        block,
        indicator as criterion,
        indicator_set as applies_to,
        state,
        value,
        {% for level in levels -%}
        {{ level }},
        {% endfor -%}
        better,
        weight,
        case state
            when 'missing' then null
            when 'worst' then 0
            when 'best' then weight * {{ levels[0] }}_coefficient
            else {{ efficacy('value_at', levels) }}
        end as points,
        cast(null as string) as assessor,
        cast(null as date) as assessed_on,
    from levelled
{%- endmacro %}

{#
    The efficacy coefficient (功效系数法): an indicator's weight times the coefficient of its value, a
    straight line between levels, that of the best from it on, and nothing below the worst.
#}
{% macro efficacy(value, levels) -%}
    case
        when {{ value }} >= {{ levels[0] }}_at then weight * {{ levels[0] }}_coefficient
        {% for level in levels[1:] -%}
        {%- set above = levels[loop.index0] -%}
        when {{ value }} >= {{ level }}_at
            then {{ divide_whole(
                '(weight * (' ~ level ~ '_coefficient * (' ~ above ~ '_at - ' ~ level ~ '_at) + ('
                ~ above ~ '_coefficient - ' ~ level ~ '_coefficient) * (' ~ value ~ ' - ' ~ level
                ~ '_at)))',
                '(' ~ above ~ '_at - ' ~ level ~ '_at)'
            ) }}
        {% endfor -%}
        else 0
    end
{%- endmacro %}

{# Items of the sheet that a company of its trade is asked, with the points given. #}
{% macro rating_items(companies, sheet, months, terms) -%}
    select
        asked.customer_key,
        asked.month,
        'qualitative' as part,
        asked.block,
        asked.item as criterion,
        asked.trade as applies_to,
        asked.state,
        asked.points as value,
        {% for level in rating_levels() -%}
        cast(null as decimal(12, 6)) as {{ level }},
        {% endfor -%}
        'more' as better,
        asked.weight,
        case
            when asked.state = 'measured'
                then least({{ in_ten_thousandths('asked.points') }}, asked.most)
        end as points,
        asked.assessor,
        asked.assessed_on,
    from (
        select
            companies.customer_key,
            companies.month,
            items.block,
            items.item,
            items.trade,
            {{ in_cents('items.points') }} as weight,
            {{ in_ten_thousandths('items.points') }} as most,
            sheet.points,
            sheet.assessor,
            sheet.assessed_on,
            case
                when sheet.assessed_on is null then 'missing'
                when
                    {{ add_months('sheet.assessed_on', 'terms.assessment_months') }}
                    <= companies.judged_on
                    then 'stale'
                else 'measured'
            end as state,
        from {{ companies }} as companies
        inner join {{ terms }} as terms on companies.month = terms.month
        inner join (
            {{ policy_in_force(ref('policy_rating_item'), months) }}
        ) as items
            on
                companies.month = items.month
                and (items.trade = 'all' or items.trade = companies.trade)
        left join {{ sheet }} as sheet
            on
                companies.customer_key = sheet.customer_key
                and companies.month = sheet.month
                and items.item = sheet.item
    ) as asked
{%- endmacro %}

{#
    What scaling adds to each block's points, which is rounded once: qualitative headers against
    their items, by the reading; and the weight of what is missing where others take it on.
#}
{% macro rating_scaling(criteria, months, terms) -%}
    with

    added as (
        select
            customer_key,
            month,
            part,
            block,
            sum(coalesce(points, 0)) as points,
            sum(weight) as weight,
            sum(case when points is null then 0 else weight end) as measured_weight,
        from {{ criteria }}
        group by customer_key, month, part, block
    ),

    aimed as (
        select
            added.*,
            case
                when added.part = 'quantitative' or terms.reading = 'items_literal'
                    then added.weight
                when terms.reading = 'corrected' then {{ in_cents('blocks.corrected') }}
                else {{ in_cents('blocks.declared') }}
            end as target,
            case
                when terms.missing_choice = 'reweigh' then added.measured_weight else added.weight
            end as basis,
        from added
        inner join {{ terms }} as terms on added.month = terms.month
        inner join (
            {{ policy_in_force(ref('policy_rating_block'), months) }}
        ) as blocks
            on added.month = blocks.month and added.block = blocks.block
    )

    select
        customer_key,
        month,
        part,
        block,
        'scaling' as criterion,
        cast(null as string) as applies_to,
        'scaled' as state,
        cast(null as decimal(18, 6)) as value,
        {% for level in rating_levels() -%}
        cast(null as decimal(12, 6)) as {{ level }},
        {% endfor -%}
        cast(null as string) as better,
        target - weight as weight,
        {{ divide_whole('(points * target)', 'basis') }} - points as points,
        cast(null as string) as assessor,
        cast(null as date) as assessed_on,
    from aimed
    where basis > 0 and target <> basis
{%- endmacro %}

{# A column of the card's rows, added up where a condition holds; what is missing brings nothing. #}
{% macro card_sum(column, condition) -%}
    sum(case when {{ condition }} then coalesce({{ column }}, 0) else 0 end)
{%- endmacro %}
