package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Routine;
import io.pitstop.check.schema.Schema;
import java.util.Optional;
import java.util.Set;

/** Whether an expression has one value for all rows of a statement. */
final class Volatility {
    private static final Set<String> VOLATILE = Set.of(
            "random",
            "random_normal",
            "setseed",
            "clock_timestamp",
            "timeofday",
            "gen_random_uuid",
            "uuidv4",
            "uuidv7",
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v4",
            "gen_random_bytes",
            "gen_salt",
            "nextval",
            "currval",
            "lastval",
            "setval");
    /** Those that one meets in defaults; PostgreSQL has thousands more. */
    private static final Set<String> STABLE = Set.of(
            "now",
            "transaction_timestamp",
            "statement_timestamp",
            "current_setting",
            "current_database",
            "current_schema",
            "txid_current",
            "version",
            "timezone",
            "date_trunc",
            "date_part",
            "to_timestamp",
            "to_date",
            "to_char",
            "to_number",
            "make_date",
            "make_time",
            "make_timestamp",
            "make_timestamptz",
            "make_interval",
            "age",
            "lower",
            "upper",
            "initcap",
            "trim",
            "btrim",
            "length",
            "substr",
            "substring",
            "replace",
            "repeat",
            "concat",
            "concat_ws",
            "format",
            "md5",
            "sha256",
            "encode",
            "decode",
            "abs",
            "round",
            "floor",
            "ceil",
            "ceiling",
            "power",
            "mod",
            "array_fill",
            "string_to_array",
            "array_length",
            "cardinality",
            "json_build_object",
            "json_build_array",
            "jsonb_build_object",
            "jsonb_build_array",
            "to_json",
            "to_jsonb",
            "int4range",
            "int8range",
            "numrange",
            "daterange",
            "tsrange",
            "tstzrange",
            "to_tsvector",
            "point",
            "box");

    private Volatility() {}

    /** A sentence on why the value may differ from row to row; empty if it cannot. */
    static Optional<String> of(Node expression, Schema schema) {
        return expression
                .all("FuncCall")
                .map(call -> Name.of(call.names("funcname")).name())
                .filter(function -> isVolatile(function, schema))
                .findFirst()
                .map(function -> VOLATILE.contains(function)
                                || schema.routine(function).isPresent()
                        ? "Here it is " + function + "(), which is volatile."
                        : "Here it is " + function + "(): a function is volatile unless it was declared otherwise.");
    }

    private static boolean isVolatile(String function, Schema schema) {
        return schema.routine(function).map(Routine::isVolatile).orElse(!STABLE.contains(function));
    }
}
