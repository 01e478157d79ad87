package io.pitstop.check.grammar;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * One running instance of the module libpg-query 18.1.5, with its few needs of a host.
 *
 * <p>Its imports and exports have one-letter names that change with every release of the package; the constants here
 * come from {@code wasm/libpg-query.js} of that release, and {@code fetch.sh} pins it.
 */
final class WebAssembly {
    /** C's setjmp and longjmp, by which PostgreSQL reports errors: a call that longjmp may leave. */
    private static final Set<String> INVOKES = Set.of("g", "b", "a", "d", "k", "l", "e", "f", "h", "j", "i", "y", "n");

    private static final Set<String> ABORTS = Set.of("c", "x", "m", "v");
    private static final String LONGJMP = "p";
    private static final String GROW_MEMORY = "q";

    private static final int PAGE = 65_536;
    /** 16 MB, which holds any usual script; without a limit the module asks for 128 MB at once. */
    private static final int FIRST_PAGES = 256;

    private static final int MOST_PAGES = 1_024;

    private final Memory memory;
    private final ExportFunction malloc;
    private final ExportFunction free;
    private final ExportFunction parse;
    private final ExportFunction freeParsed;
    private final ExportFunction parsePlpgsql;
    private final ExportFunction scan;
    private final ExportFunction freeString;
    private final ExportFunction setThrew;
    private final ExportFunction restoreStack;
    private final ExportFunction stack;

    WebAssembly() {
        WasmModule module = load();
        Instance instance = Instance.builder(module)
                .withImportValues(imports(module))
                .withMemoryLimits(new MemoryLimits(FIRST_PAGES, MOST_PAGES))
                .withMachineFactory(PostgresModuleMachine::new)
                .withStart(false)
                .build();
        memory = instance.memory();
        malloc = instance.export("C");
        free = instance.export("E");
        parse = instance.export("F");
        freeParsed = instance.export("G");
        parsePlpgsql = instance.export("H");
        scan = instance.export("M");
        freeString = instance.export("N");
        setThrew = instance.export("P");
        restoreStack = instance.export("Q");
        stack = instance.export("R");
        instance.export("A").apply(); // the constructors of C
    }

    /** @return the tree as JSON, in the names of libpg_query's protobuf */
    String parse(String sql) throws SyntaxError {
        int text = write(sql);
        int result = (int) parse.apply(text)[0];
        try {
            int error = memory.readInt(result + 8);
            if (error != 0) {
                throw new SyntaxError(memory.readCString(memory.readInt(error)), memory.readInt(error + 16) - 1);
            }
            return memory.readCString(memory.readInt(result));
        } finally {
            freeParsed.apply(result);
            free.apply(text);
        }
    }

    /** @return the functions in {@code sql} as JSON, or text that does not begin like JSON if there is an error */
    String parsePlpgsql(String sql) {
        return call(parsePlpgsql, sql);
    }

    /** @return the tokens of {@code sql} as JSON, comments too, or text that does not begin like JSON for an error */
    String scan(String sql) {
        return call(scan, sql);
    }

    private String call(ExportFunction function, String sql) {
        int text = write(sql);
        int result = (int) function.apply(text)[0];
        try {
            return memory.readCString(result);
        } finally {
            freeString.apply(result);
            free.apply(text);
        }
    }

    private int write(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        int at = (int) malloc.apply(bytes.length + 1)[0];
        memory.write(at, bytes);
        memory.writeByte(at + bytes.length, (byte) 0);
        return at;
    }

    private static WasmModule load() {
        try (InputStream module = WebAssembly.class.getResourceAsStream("PostgresModule.meta")) {
            // It was validated when it was compiled, at build time; doing so again takes a seventh of a short command.
            return Parser.builder().withValidation(false).build().parse(() -> module);
        } catch (IOException e) {
            throw new UncheckedIOException("the grammar in our own jar cannot be read", e);
        }
    }

    private ImportValues imports(WasmModule module) {
        ImportValues.Builder imports = ImportValues.builder();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            Import wanted = module.importSection().getImport(i);
            FunctionType type = module.typeSection().getType(((FunctionImport) wanted).typeIndex());
            imports.addFunction(new HostFunction(wanted.module(), wanted.name(), type, host(wanted.name(), type)));
        }
        return imports.build();
    }

    private WasmFunctionHandle host(String name, FunctionType type) {
        long[] nothing = type.returns().isEmpty() ? null : new long[] {0};
        if (INVOKES.contains(name)) {
            return (instance, arguments) -> invoke(instance, arguments, nothing);
        }
        if (name.equals(LONGJMP)) {
            return (instance, arguments) -> {
                throw new LongJump();
            };
        }
        if (name.equals(GROW_MEMORY)) {
            return (instance, arguments) -> new long[] {grow(instance.memory(), (int) arguments[0])};
        }
        if (ABORTS.contains(name)) {
            return (instance, arguments) -> {
                throw new IllegalStateException("PostgreSQL's parser gave up: it called " + name);
            };
        }
        return (instance, arguments) -> nothing; // files and timers, which a parser does not use
    }

    private long[] invoke(Instance instance, long[] arguments, long[] nothing) {
        long top = stack.apply()[0];
        try {
            int function = instance.table(0).ref((int) arguments[0]);
            return instance.getMachine().call(function, Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (LongJump jump) {
            restoreStack.apply(top);
            setThrew.apply(1, 0);
            return nothing;
        }
    }

    private static long grow(Memory memory, int bytes) {
        int missing = (int) ((Integer.toUnsignedLong(bytes) + PAGE - 1) / PAGE) - memory.pages();
        return missing <= 0 || memory.grow(missing) >= 0 ? 1 : 0;
    }

    private static final class LongJump extends RuntimeException {
        LongJump() {
            super(null, null, false, false);
        }
    }
}
