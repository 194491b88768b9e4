package io.millrace.packet.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// The text of a document, its name, and its lines for errors. Lines and columns count from 1; columns count code
/// points.
final class DocumentSource {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final String text;
    private final boolean isYaml;
    private final String[] lines;

    private DocumentSource(String name, String text, boolean isYaml) {
        this.name = name;
        this.text = text;
        this.isYaml = isYaml;
        this.lines = text.split("\r\n|\r|\n", -1);
    }

    static DocumentSource ofText(String name, String text) {
        return new DocumentSource(name, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text, false);
    }

    DocumentSource asYaml() {
        return new DocumentSource(name, text, true);
    }

    static DocumentSource ofFile(Path file) {
        String name = file.toString();
        if (Files.isDirectory(file)) throw fileProblem(name, "is a directory, expected a file");
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Document.FILE_BYTES_MAX + 1);
        } catch (NoSuchFileException e) {
            throw fileProblem(name, "no such file");
        } catch (IOException e) {
            throw fileProblem(name, "cannot be read: " + e.getMessage());
        }
        if (bytes.length > Document.FILE_BYTES_MAX) {
            throw fileProblem(name, "longer than " + Document.FILE_BYTES_MAX + " bytes, so not a document");
        }
        return ofText(name, decoded(name, bytes));
    }

    private static String decoded(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (!result.isError()) return text;
        DocumentSource readable = ofText(name, text);
        throw readable.problem(readable.lineCount(), readable.columnsOfLastLine() + 1,
            String.format("byte 0x%02x is not UTF-8", bytes[in.position()]), "save the file as UTF-8");
    }

    private static DocumentException fileProblem(String name, String message) {
        return new DocumentException(new DocumentProblem(name, 0, 0, message, "", ""));
    }

    String name()    { return name; }
    String text()    { return text; }
    boolean isYaml() { return isYaml; }
    int lineCount()  { return lines.length; }

    int columnsOfLastLine() {
        String lastLine = lines[lines.length - 1];
        return lastLine.codePointCount(0, lastLine.length());
    }

    DocumentException problem(int line, int column, String message, String allowed) {
        return new DocumentException(new DocumentProblem(name, line, column, message, allowed, sourceLine(line)));
    }

    String sourceLine(int line) {
        return line >= 1 && line <= lines.length ? lines[line - 1] : "";
    }

    /// The column of a place that a parser counted in `char`s from 1.
    int columnOfChar(int line, int charColumn) {
        String sourceLine = sourceLine(line);
        return sourceLine.codePointCount(0, Math.clamp(charColumn - 1L, 0, sourceLine.length())) + 1;
    }

    void checkDepth(DocumentPlace place, int depth) {
        if (depth <= Document.DEPTH_MAX) return;
        throw problem(place.line(), place.column(), "nested too deep", "at most " + Document.DEPTH_MAX + " levels");
    }

    void checkUnique(Map<String, DocumentNode> fields, String name, int line, int column) {
        if (!fields.containsKey(name)) return;
        throw fields.get(name).duplicateError(name, line, column);
    }
}
