package io.pitstop.step;

import io.pitstop.step.approval.Subject;
import java.util.ArrayList;
import java.util.List;

/** What is put before people who are to approve something, as one text. */
final class Notice {
    /** Jenkins sends it in the header of an answer too, for which proxies in between have little room. */
    private static final int LONGEST = 2_500;

    private static final int LONGEST_REMARK = 160;

    private Notice() {}

    /** What is too long for one text is left to the log; never the hash, nor what comes afterwards. */
    static String of(Subject subject, String release, List<String> evidence, List<String> afterwards) {
        String first = "Approve " + subject.step().step() + " of " + release + "? It would do this:\n";
        String last = "Now:\n" + remarks(evidence) + "Afterwards:\n" + remarks(afterwards) + "Its hash is "
                + subject.hash() + ".";
        return first + fitting(subject.lines(), LONGEST - first.length() - last.length()) + last;
    }

    private static String remarks(List<String> lines) {
        StringBuilder remarks = new StringBuilder();
        for (String line : lines) {
            boolean isLong = line.length() > LONGEST_REMARK;
            remarks.append(item(isLong ? line.substring(0, LONGEST_REMARK - 3) + "..." : line));
        }
        return remarks.toString();
    }

    private static String fitting(List<String> lines, int room) {
        List<String> items = new ArrayList<>(lines.stream().map(Notice::item).toList());
        int left = 0;
        while (length(items) > room) {
            items.subList(items.size() - (left == 0 ? 1 : 2), items.size()).clear();
            left++;
            items.add(item("and " + left + " more, which are in the log"));
        }
        return String.join("", items);
    }

    private static int length(List<String> items) {
        return items.stream().mapToInt(String::length).sum();
    }

    private static String item(String line) {
        return "- " + line + "\n";
    }
}
