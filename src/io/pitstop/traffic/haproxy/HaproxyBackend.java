package io.pitstop.traffic.haproxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backend as {@code show stat} tells it: comma separated values, their names in the first line (HAProxy's Management
 * Guide, "Statistics and monitoring").
 *
 * @param algorithm how it balances, such as {@code roundrobin}
 * @param servers all of them, in their order in haproxy.cfg
 */
record HaproxyBackend(String algorithm, List<Server> servers) {
    private static final String HEADER = "# pxname,";

    /**
     * A server of the backend.
     *
     * @param weight as it was configured or ordered, though it may be down
     * @param status such as {@code UP}, {@code DOWN 1/2} or {@code no check}
     * @param backup true if it serves only while no other does
     * @param cookie what keeps users on it; empty if none does
     * @param lastCheck what the last health check found
     * @param current requests that are at it
     * @param queued requests that wait for it
     * @param requests that it got since HAProxy started
     * @param failures of those: no connection, no answer, or status 5xx
     */
    record Server(
            String name,
            int weight,
            String status,
            boolean backup,
            String cookie,
            String lastCheck,
            long current,
            long queued,
            long requests,
            long failures) {
        boolean isUp() {
            return status.startsWith("UP"); // also "UP 1/3", which begins to fail and still serves
        }

        boolean isChecked() {
            return !status.equals("no check");
        }

        /** Somebody took it out of service: it gets no new requests whatever its weight. */
        boolean isOut() {
            return isInMaintenance() || status.startsWith("DRAIN");
        }

        boolean isInMaintenance() {
            return status.startsWith("MAINT");
        }
    }

    /** Empty if {@code told} is not the answer to {@code show stat}. */
    static Optional<HaproxyBackend> parsed(String told) {
        List<String> lines = told.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty() || !lines.get(0).startsWith(HEADER)) {
            return Optional.empty();
        }
        String[] names = lines.get(0).substring(2).split(",");
        List<Server> servers = new ArrayList<>();
        String algorithm = "";
        try {
            for (String line : lines.subList(1, lines.size())) {
                Map<String, String> values = values(names, line);
                if (values.get("svname").equals("BACKEND")) {
                    algorithm = values.getOrDefault("algo", "");
                } else {
                    servers.add(server(values));
                }
            }
            return Optional.of(new HaproxyBackend(algorithm, List.copyOf(servers)));
        } catch (IllegalArgumentException notNumbers) {
            return Optional.empty();
        }
    }

    Optional<Server> server(String name) {
        return servers.stream().filter(server -> server.name().equals(name)).findFirst();
    }

    private static Server server(Map<String, String> values) {
        long failures = number(values, "hrsp_5xx") + number(values, "econ") + number(values, "eresp");
        // stot counts each attempt, also those that are made again, here or at another server.
        long requests = number(values, "stot") - number(values, "wretr") - number(values, "wredis");
        return new Server(
                values.get("svname"),
                Integer.parseInt(values.getOrDefault("uweight", "")),
                values.get("status"),
                number(values, "bck") > 0,
                values.getOrDefault("cookie", ""),
                (values.getOrDefault("check_status", "") + " " + values.getOrDefault("last_chk", "")).strip(),
                number(values, "scur"),
                number(values, "qcur"),
                Math.max(requests, failures),
                failures);
    }

    private static long number(Map<String, String> values, String name) {
        String value = values.getOrDefault(name, "");
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    private static Map<String, String> values(String[] names, String line) {
        String[] fields = fields(line);
        if (fields.length < names.length) {
            throw new IllegalArgumentException("fewer values than names");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            values.put(names[i], fields[i]);
        }
        return values;
    }

    /** A value with a comma or a quote in it, such as what a check answered, is quoted. */
    private static String[] fields(String line) {
        String[] fields = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].startsWith("\"") && fields[i].endsWith("\"") && fields[i].length() > 1) {
                fields[i] = fields[i].substring(1, fields[i].length() - 1).replace("\"\"", "\"");
            }
        }
        return fields;
    }
}
