package io.pitstop.notify;

import java.time.Instant;

/**
 * What people are told, whoever they are: a template for each kind of receiver makes of it what is shown there.
 *
 * @param what the occasion by its key, such as {@code rolled-back}; {@code test} if there is none
 * @param headline one line
 * @param text what happened
 * @param next what to do next, with its command; empty if nothing
 * @param at when it happened
 * @param step the command that it came of
 * @param live the colour that all users are on; empty if that is not certain
 */
record Notification(
        String what,
        String headline,
        String text,
        String next,
        Instant at,
        About about,
        String step,
        String live,
        Author author) {}
