package io.pitstop.aws;

import static io.pitstop.aws.QueryTree.texts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Which things a question to the API is about, and how many of them come with one answer. */
final class ElbSelection {
    private ElbSelection() {}

    static <T> T find(Map<String, T> all, Object arn, String code) {
        T found = all.get(String.valueOf(arn));
        if (found == null) {
            throw new ElbRefusal(code, "One or more of '" + arn + "' not found");
        }
        return found;
    }

    static <T> List<T> select(
            Map<String, T> all,
            Map<String, Object> asked,
            String arns,
            String names,
            Function<T, String> name,
            String code) {
        if (asked.containsKey(arns)) {
            return texts(asked, arns).stream().map(arn -> find(all, arn, code)).toList();
        }
        if (!asked.containsKey(names)) {
            return List.copyOf(all.values());
        }
        Set<String> wanted = Set.copyOf(texts(asked, names));
        List<T> found = all.values().stream()
                .filter(each -> wanted.contains(name.apply(each)))
                .toList();
        if (found.size() < wanted.size()) {
            throw new ElbRefusal(code, "One or more of " + wanted + " not found");
        }
        return found;
    }

    /** @param pageSize most things in one answer, whatever was asked for */
    static <T> Map<String, Object> page(
            int pageSize, String key, Map<String, Object> asked, List<T> all, Function<T, Map<String, Object>> tell) {
        int from = Integer.parseInt(String.valueOf(asked.getOrDefault("Marker", "0")));
        int size = Math.min(pageSize, Integer.parseInt(String.valueOf(asked.getOrDefault("PageSize", "400"))));
        int to = Math.min(all.size(), from + size);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(key, all.subList(from, to).stream().map(tell).toList());
        if (to < all.size()) {
            answer.put("NextMarker", String.valueOf(to));
        }
        return answer;
    }
}
