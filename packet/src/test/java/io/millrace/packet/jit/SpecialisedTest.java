package io.millrace.packet.jit;

import org.junit.jupiter.api.Test;

import java.lang.invoke.MethodHandles;
import java.util.function.IntUnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpecialisedTest {

    @Test
    void eachCopyHasConstantsOfItsOwn() {
        var twice = new Scaling.World(2, new int[1]);
        var thrice = new Scaling.World(3, new int[1]);
        IntUnaryOperator doubles = copy(twice);
        IntUnaryOperator triples = copy(thrice);

        assertThat(doubles.applyAsInt(7)).isEqualTo(14);
        assertThat(triples.applyAsInt(7)).isEqualTo(21);
        assertThat(doubles.applyAsInt(5)).isEqualTo(10);
        assertThat(twice.calls()[0]).isEqualTo(2);
        assertThat(thrice.calls()[0]).isEqualTo(1);
        assertThat(doubles.getClass()).isNotSameAs(triples.getClass()).isNotSameAs(Scaling.class);
        assertThat(doubles.getClass().isHidden()).isTrue();
    }

    @Test
    void theTemplateItselfCannotBeUsed() {
        assertThatThrownBy(Scaling::new).isInstanceOf(ExceptionInInitializerError.class)
            .cause().hasMessageContaining("Scaling is a template");
    }

    @Test
    void constantsOfAnotherTypeAreRefused() {
        record Other(int factor) {}
        assertThatThrownBy(() -> Specialised.copy(MethodHandles.lookup(), Scaling.class, IntUnaryOperator.class,
            new Other(2))).isInstanceOf(ExceptionInInitializerError.class).hasCauseInstanceOf(ClassCastException.class);
    }

    private static IntUnaryOperator copy(Scaling.World world) {
        return Specialised.copy(MethodHandles.lookup(), Scaling.class, IntUnaryOperator.class, world);
    }
}
