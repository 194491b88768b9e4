package io.millrace.nic.driver.gen.session;

/// What sessions run over.
public enum SessionProtocol { TCP, UDP }
