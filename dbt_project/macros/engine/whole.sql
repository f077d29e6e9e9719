{#
    Tables and views that every run writes anew: the old one goes and the new one comes in one
    transaction. dbt's own way writes beside it and renames both, which costs more than most of our
    queries; its checks of contracts are the same.
#}
{% materialization table, adapter='duckdb' %}
    {{ return({'relations': [replace_whole('table', create_table_as(False, this, sql))]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return({'relations': [replace_whole('view', create_view_as(this, sql))]}) }}
{% endmaterialization %}

{% macro replace_whole(kind, creation) %}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        {% if existing is not none %}drop {{ existing.type }} if exists {{ existing }};{% endif %}
        {{ creation }}
    {%- endcall %}
    {% if existing is not none %}{% do adapter.cache_dropped(existing) %}{% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return(this.incorporate(type=kind)) }}
{% endmacro %}
