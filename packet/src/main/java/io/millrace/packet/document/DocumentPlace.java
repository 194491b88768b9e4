package io.millrace.packet.document;

/// Where a value stands: its place and that of the member name before it (its own place, if it has none), and its path
/// and that of what holds it.
record DocumentPlace(int line, int column, int keyLine, int keyColumn, String path, String parentPath) {

    /// Names that a path shows bare; others are quoted.
    private static final String BARE_NAME = "[A-Za-z0-9_:/-]+";

    static DocumentPlace root(int line, int column) {
        return new DocumentPlace(line, column, line, column, "", "");
    }

    static DocumentPlace element(int line, int column, String parentPath, int index) {
        return new DocumentPlace(line, column, line, column, parentPath + "[" + index + "]", parentPath);
    }

    static DocumentPlace member(int line, int column, int keyLine, int keyColumn, String parentPath, String name) {
        String step = name.matches(BARE_NAME) ? name : "\"" + name + "\"";
        String path = parentPath.isEmpty() ? step : parentPath + "." + step;
        return new DocumentPlace(line, column, keyLine, keyColumn, path, parentPath);
    }
}
