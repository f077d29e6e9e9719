{#
    A table whose rows are a pure function of everything up to their `suffix_column`: a run
    rewrites the suffix that starts at its window and leaves the rest alone, in one transaction.
    `suffix_from` is `window_start` (columns that hold days) or `window_month` (months).
    Unlike delete+insert it also forgets rows of days that have become empty, and it writes once,
    without a temporary copy. Several months are written in order: who reads one of them, as every
    later run does, then skips the rest by the engine's zone maps, however long the history.
#}
{% materialization suffix, default %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {#- A window from the first day on replaces the table, which may have got new columns. -#}
    {%- set rebuild = existing is none or existing.is_view or builds_everything() -%}

    {%- if spans_months() -%}
        {%- set sql -%}
select * from (
    {{ sql }}
) as unordered
order by {{ config.require('suffix_column') }}
        {%- endset -%}
    {%- endif %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if rebuild %}
        {% if not builds_everything() %}
            {{ exceptions.raise_compiler_error(
                this ~ ' does not exist, and this run starts at ' ~ var('window_start')
                ~ ' instead of the first day ' ~ var('first_day')
                ~ ': build everything again with `tenure run --rebuild`'
            ) }}
        {% endif %}
        {% if existing is not none %}{{ adapter.drop_relation(existing) }}{% endif %}
        {% call statement('main') -%}
            {{ create_table_as(False, target_relation, sql) }}
        {%- endcall %}
    {% else %}
        {% if config.get('contract').enforced %}
            {{ get_assert_columns_equivalent(sql) }}
        {% endif %}
        {% call statement('forget') -%}
            delete from {{ target_relation }}
            where {{ config.require('suffix_column') }} >= {{ suffix_start() }}
        {%- endcall %}
        {#- The adapter's method of that name prepares all macros again for every call. -#}
        {%- set columns = get_columns_in_relation(target_relation)
            | map(attribute='quoted') | join(', ') -%}
        {% call statement('main') -%}
            insert into {{ target_relation }} ({{ columns }})
            select {{ columns }} from (
                {{ sql }}
            ) as suffix
        {%- endcall %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro suffix_start() -%}
    {%- if config.require('suffix_from') == 'window_month' -%}
        {{ window_month() }}
    {%- else -%}
        {{ window_start() }}
    {%- endif -%}
{%- endmacro %}

{# Whether the run's window begins with the first day, so that nothing before it is kept. #}
{% macro builds_everything() -%}
    {{ return(var('window_start') <= var('first_day')) }}
{%- endmacro %}
