package io.millrace.packet.jit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Classes whose constants are known only once the process runs: memories, tables, sizes.
///
/// HotSpot compiles a `static final` field, and the fields of a record that is in one, as a constant; a final field of
/// any other object it loads anew after each call, and with a memory segment its bounds, its scope and its base. A hot
/// loop over five segments spends most of its instructions on that. So such a loop is written as a class with static
/// finals (the template), and every world that runs it gets a copy of the class with its own:
///
/// ```
/// final class Loop implements Stage {
///     private static final LoopWorld WORLD = Specialised.constants(MethodHandles.lookup(), LoopWorld.class);
///     Loop() {}
///     …
/// }
/// Stage stage = Specialised.copy(MethodHandles.lookup(), Loop.class, Stage.class, world);
/// ```
///
/// A copy is a hidden class: it goes when nothing holds it any more. The template itself is never initialised. It has
/// no lambdas, no nested classes, and a constructor without parameters that its package may call.
public final class Specialised {

    /// Makes the object of a copy of the template.
    ///
    /// @param lookup    of a class in the template's package
    /// @param template  of that package
    /// @param type      what the template implements
    /// @param constants what [#constants] gives in the copy; records all the way down to arrays and segments, where it
    ///                  is to be constant all the way
    public static <T> T copy(MethodHandles.Lookup lookup, Class<? extends T> template, Class<T> type,
                             Record constants) {
        try {
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(template, lookup)
                .defineHiddenClassWithClassData(classFile(template), constants, true);
            MethodHandle constructor =
                inside.findConstructor(inside.lookupClass(), MethodType.methodType(void.class));
            return type.cast(constructor.invoke());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot specialise " + template.getName(), e);
        }
    }

    /// In a static initialiser of a template: the constants of this copy.
    public static <T extends Record> T constants(MethodHandles.Lookup inside, Class<T> type) {
        try {
            T constants = MethodHandles.classData(inside, "_", type);
            if (constants != null) return constants;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(inside.lookupClass().getName(), e);
        }
        throw new IllegalStateException(inside.lookupClass().getName() + " is a template: only copies of it are used");
    }

    private static byte[] classFile(Class<?> template) throws IOException {
        String name = template.getName();
        try (InputStream file = template.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            if (file == null) throw new IOException("no class file of " + name);
            return file.readAllBytes();
        }
    }

    private Specialised() {}
}
