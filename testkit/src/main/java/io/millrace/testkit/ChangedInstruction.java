package io.millrace.testkit;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;

/// A class file like another, with one instruction changed: its first addition of two ints subtracts.
public final class ChangedInstruction {

    private static final class FirstAddition implements CodeTransform {

        private boolean isDone;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            boolean isAddition = element instanceof OperatorInstruction operator && operator.opcode() == Opcode.IADD;
            if (isAddition && !isDone) {
                isDone = true;
                code.isub();
            } else {
                code.with(element);
            }
        }
    }

    public static byte[] in(byte[] classFile) {
        var change = new FirstAddition();
        ClassFile format = ClassFile.of();
        byte[] changed = format.transformClass(format.parse(classFile), ClassTransform.transformingMethodBodies(change));
        if (!change.isDone) throw new IllegalArgumentException("no addition of ints in this class");
        return changed;
    }

    private ChangedInstruction() {}
}
