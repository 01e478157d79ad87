package io.pitstop.database;

/** How many arguments a function can be called with. */
public record Arguments(int fewest, int most) {
    /** The two numbers, of a row {@code p} of pg_proc; a procedure is called with its OUT arguments as well. */
    public static final String COLUMNS = "p.pronargs - p.pronargdefaults - (p.provariadic <> 0)::int,"
            + " CASE WHEN p.provariadic <> 0 THEN 1000 WHEN p.prokind = 'p' THEN"
            + " greatest(p.pronargs, coalesce(cardinality(p.proallargtypes), 0)) ELSE p.pronargs END";

    /** True if {@code given} arguments fit, or if nobody can tell how many are given, which is a negative number. */
    public boolean fit(int given) {
        return given < 0 || fewest <= given && given <= most;
    }

    /** True if some number of arguments fits both. */
    public boolean overlap(Arguments others) {
        return fewest <= others.most && others.fewest <= most;
    }
}
