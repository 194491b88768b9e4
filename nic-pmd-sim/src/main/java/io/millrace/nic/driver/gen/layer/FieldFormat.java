package io.millrace.nic.driver.gen.layer;

/// How people write the value of a field.
public enum FieldFormat { NUMBER, MAC, IPV4, IPV6, TCP_FLAGS }
