package io.millrace.packet.parse.device;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Rows of one table while it grows; each is all zero until written.
final class RowBuffer {

    private final int rowBytes;
    private final List<ByteBuffer> rows = new ArrayList<>();

    RowBuffer(int rowBytes) {
        this.rowBytes = rowBytes;
    }

    ByteBuffer add() {
        ByteBuffer row = ByteBuffer.allocate(rowBytes);
        rows.add(row);
        return row;
    }

    ByteBuffer row(int number) {
        return rows.get(number);
    }

    int rowCount() {
        return rows.size();
    }

    int byteCount() {
        return rows.size() * rowBytes;
    }

    byte[] bytes() {
        ByteBuffer all = ByteBuffer.allocate(byteCount());
        for (ByteBuffer row : rows) all.put(row.array());
        return all.array();
    }
}
