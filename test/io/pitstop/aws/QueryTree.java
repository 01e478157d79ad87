package io.pitstop.aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The nested values of AWS' query protocol: what comes as a flat form, and goes back as XML. Values are text, maps or lists. */
final class QueryTree {
    private QueryTree() {}

    /** {@code Actions.member.1.Type=forward} becomes a map in a list in a map. */
    static Map<String, Object> parse(Map<String, String> form) {
        Map<String, Object> root = new LinkedHashMap<>();
        form.forEach((name, value) -> put(root, name.split("\\."), 0, value));
        return asMap(withLists(root));
    }

    static String xml(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(Object value) {
        return value == null ? new LinkedHashMap<>() : (Map<String, Object>) value;
    }

    /** The list below {@code key}; empty if there is none. */
    static List<?> list(Map<String, Object> map, String key) {
        return map.get(key) instanceof List<?> list ? list : List.of();
    }

    static List<Map<String, Object>> maps(Map<String, Object> map, String key) {
        return list(map, key).stream().map(QueryTree::asMap).toList();
    }

    static List<String> texts(Map<String, Object> map, String key) {
        return list(map, key).stream().map(String::valueOf).toList();
    }

    private static void put(Map<String, Object> map, String[] path, int at, String value) {
        if (at == path.length - 1) {
            map.put(path[at], value);
        } else {
            put(asMap(map.computeIfAbsent(path[at], any -> new LinkedHashMap<String, Object>())), path, at + 1, value);
        }
    }

    private static Object withLists(Object value) {
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> map = asMap(value);
        if (map.size() == 1 && map.containsKey("member")) {
            Map<Integer, Object> members = new TreeMap<>();
            asMap(map.get("member")).forEach((index, member) -> members.put(Integer.valueOf(index), withLists(member)));
            return new ArrayList<>(members.values());
        }
        map.replaceAll((key, member) -> withLists(member));
        return map;
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> element(String.valueOf(key), member, text));
        } else if (value instanceof List<?> list) {
            list.forEach(member -> element("member", member, text));
        } else {
            text.append(String.valueOf(value)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;"));
        }
    }

    private static void element(String name, Object value, StringBuilder text) {
        if (value != null) {
            text.append('<').append(name).append('>');
            write(value, text);
            text.append("</").append(name).append('>');
        }
    }
}
