package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.layer.LayerField;

/// A header field that varies.
///
/// @param layer     index of its layer, outermost 0
/// @param isPerFlow true if packets of one flow share the value
public record FieldSpec(int layer, LayerField field, FieldValues values, boolean isPerFlow) {}
