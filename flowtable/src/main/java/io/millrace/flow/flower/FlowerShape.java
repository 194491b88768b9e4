package io.millrace.flow.flower;

/// A match as its mask alone: equal to every other that looks at the same bits, as a key of maps.
public record FlowerShape(FlowerMatch match) {

    @Override
    public boolean equals(Object object) {
        return object instanceof FlowerShape other && match.hasShapeOf(other.match);
    }

    @Override
    public int hashCode() {
        return match.shapeHash();
    }
}
