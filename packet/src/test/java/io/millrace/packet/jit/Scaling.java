package io.millrace.packet.jit;

import java.lang.invoke.MethodHandles;
import java.util.function.IntUnaryOperator;

/// A template for [SpecialisedTest].
final class Scaling implements IntUnaryOperator {

    record World(int factor, int[] calls) {}

    private static final World WORLD = Specialised.constants(MethodHandles.lookup(), World.class);

    Scaling() {}

    @Override
    public int applyAsInt(int operand) {
        WORLD.calls()[0]++;
        return scaled(operand);
    }

    private static int scaled(int operand) {
        return operand * WORLD.factor();
    }
}
