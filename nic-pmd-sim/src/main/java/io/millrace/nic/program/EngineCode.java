package io.millrace.nic.program;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceDebugExtensionAttribute;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The canonical form of an engine that is classes: a line for its entry classes and every class of Millrace that they
/// reach, sorted by name; name, a blank, SHA-256 of the class file.
///
/// A class reaches those that its constant pool and its descriptors name. Of the class file, only what decides
/// behaviour is hashed: it is written anew with a constant pool in order of use, and without line numbers, names of
/// variables and of the source, and the stack maps, which follow from the code. So the form is the same wherever the
/// same compiler compiled the same source, and with another instruction in it is another.
public final class EngineCode {

    private static final String ROOT = "io/millrace/";
    /// A class name in a descriptor, in internal form.
    private static final Pattern NAMED = Pattern.compile("L(" + ROOT + "[^;<]+);");

    private static final ClassFile WITHOUT_DEBUG = ClassFile.of(
        ClassFile.DebugElementsOption.DROP_DEBUG, ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
        ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.ConstantPoolSharingOption.NEW_POOL,
        ClassFile.DeadCodeOption.KEEP_DEAD_CODE, ClassFile.AttributesProcessingOption.DROP_UNKNOWN_ATTRIBUTES);

    private final ClassFiles files;
    private final SortedMap<String, ProgramHash> classes = new TreeMap<>();
    private final Deque<String> unread = new ArrayDeque<>();

    private EngineCode(ClassFiles files) {
        this.files = files;
    }

    /// Reads the classes; throws an [IllegalStateException] that names a class whose file is missing or is none.
    public static EngineCode of(Collection<String> entryClasses, ClassFiles files) {
        var code = new EngineCode(files);
        code.unread.addAll(entryClasses);
        while (!code.unread.isEmpty()) code.read(code.unread.pop());
        return code;
    }

    /// The classes by name, with the hash of each.
    public SortedMap<String, ProgramHash> classes() {
        return Collections.unmodifiableSortedMap(classes);
    }

    /// The text that is hashed, as UTF-8.
    public String canonical() {
        var text = new StringBuilder();
        classes.forEach((name, hash) -> text.append(name).append(' ').append(hash).append('\n'));
        return text.toString();
    }

    public ProgramHash hash() {
        return ProgramHash.ofCanonical(canonical());
    }

    private void read(String name) {
        if (classes.containsKey(name)) return;
        byte[] file = files.find(name);
        if (file == null) throw new IllegalStateException("no class file of " + name);
        ClassModel model;
        try {
            model = WITHOUT_DEBUG.parse(file);
            classes.put(name, ProgramHash.of(ProgramHash.sha256(withoutDebug(model))));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("not a class file: that of " + name, e);
        }
        reach(model);
    }

    private static byte[] withoutDebug(ClassModel model) {
        return WITHOUT_DEBUG.transformClass(model, ClassTransform.dropping(element ->
            element instanceof SourceFileAttribute || element instanceof SourceDebugExtensionAttribute));
    }

    private void reach(ClassModel model) {
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry named -> reachName(named.asInternalName());
                case NameAndTypeEntry typed -> reachDescriptor(typed.type().stringValue());
                case MethodTypeEntry type -> reachDescriptor(type.descriptor().stringValue());
                default -> { }
            }
        }
        for (FieldModel field : model.fields()) reachDescriptor(field.fieldType().stringValue());
        for (MethodModel method : model.methods()) reachDescriptor(method.methodType().stringValue());
    }

    /// A class, or an array of them, whose name is a descriptor.
    private void reachName(String internalName) {
        if (internalName.startsWith("[")) reachDescriptor(internalName);
        if (internalName.startsWith(ROOT)) unread.push(internalName.replace('/', '.'));
    }

    private void reachDescriptor(String descriptor) {
        Matcher named = NAMED.matcher(descriptor);
        while (named.find()) reachName(named.group(1));
    }
}
