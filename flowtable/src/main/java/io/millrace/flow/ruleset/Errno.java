package io.millrace.flow.ruleset;

/// Why Linux refuses a change, with the C library's words for it.
public enum Errno {
    NOT_PERMITTED("Operation not permitted"), NO_ENTRY("No such file or directory"), EXISTS("File exists"),
    BUSY("Device or resource busy"), INVALID("Invalid argument"), TOO_MANY_FILES("Too many open files in system"),
    TOO_MANY_LINKS("Too many links"), OUT_OF_RANGE("Numerical result out of range"),
    TOO_MANY_LEVELS("Too many levels of symbolic links"), NOT_SUPPORTED("Operation not supported"),
    ADDRESS_FAMILY("Address family not supported by protocol"), OVERFLOW("Value too large for defined data type"),
    NO_SPACE("No space left on device"), TIMED_OUT("Connection timed out");

    private final String text;

    Errno(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
