package io.pitstop.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.function.IntSupplier;

/** A terminal with one line at its end that is drawn anew again and again, below all that is printed meanwhile. */
public final class Screen {
    private static final String TO_BEGIN = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";

    private final OutputStream terminal;
    private final Charset charset;
    private final IntSupplier width;
    private String line = "";
    private boolean drawn;
    private boolean othersAtIt;

    /**
     * @param terminal that is drawn on
     * @param charset that it understands
     * @param width its columns, asked before each drawing
     */
    public Screen(OutputStream terminal, Charset charset, IntSupplier width) {
        this.terminal = terminal;
        this.charset = charset;
        this.width = width;
    }

    /** A printer whose text stays above the line. */
    public static final class Printer extends PrintWriter {
        private final Screen screen;

        private Printer(OutputStream target, Screen screen) {
            super(new OutputStreamWriter(target, screen.charset), true);
            this.screen = screen;
        }

        public Screen screen() {
            return screen;
        }
    }

    public Printer printer(OutputStream target) {
        return new Printer(over(target), this);
    }

    /** For whoever prints to it without knowing of the screen. */
    public PrintStream stream(OutputStream target) {
        return new PrintStream(over(target), true, charset);
    }

    /** Most characters that a line may have; one less than there are columns, as some terminals wrap at the last. */
    int room() {
        return Math.max(1, width.getAsInt() - 1);
    }

    /** True if the terminal can show these characters. */
    boolean canShow(String text) {
        return charset.newEncoder().canEncode(text);
    }

    /** Shows a line in place of the one before. */
    synchronized void draw(String text) {
        line = text;
        show();
    }

    /** Leaves the line as it is, complete, and draws no more of it. */
    public synchronized void end() {
        if (drawn) {
            write("\n");
        }
        line = "";
        drawn = false;
    }

    private void show() {
        if (!othersAtIt && !line.isEmpty()) {
            write(TO_BEGIN + line + CLEAR_TO_END);
            drawn = true;
        }
    }

    private void clear() {
        if (drawn) {
            write(TO_BEGIN + CLEAR_TO_END);
            drawn = false;
        }
    }

    private void write(String text) {
        try {
            terminal.write(text.getBytes(charset));
            terminal.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OutputStream over(OutputStream target) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] text, int from, int length) throws IOException {
                if (length > 0) {
                    print(target, text, from, length);
                }
            }

            @Override
            public void flush() throws IOException {
                target.flush();
            }
        };
    }

    private synchronized void print(OutputStream target, byte[] text, int from, int length) throws IOException {
        clear();
        target.write(text, from, length);
        target.flush();
        othersAtIt = text[from + length - 1] != '\n';
        show();
    }
}
