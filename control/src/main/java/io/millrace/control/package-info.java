/// Where Millrace starts: [io.millrace.control.Main] reads the command line and wires a dataplane from its
/// configuration.
package io.millrace.control;
