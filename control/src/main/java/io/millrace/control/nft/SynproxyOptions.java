package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Statement;

import java.util.List;

/// The options of `synproxy`, as a statement and as an object.
final class SynproxyOptions {

    static Statement.Synproxy read(List<NftParser.SynproxyOptionContext> options) {
        int mss = -1;
        int windowScale = -1;
        boolean hasTimestamp = false;
        boolean isSackPermitted = false;
        for (NftParser.SynproxyOptionContext option : options) {
            if (option.MSS() != null) mss = Integer.parseInt(option.NUMBER().getText());
            if (option.WSCALE() != null) windowScale = Integer.parseInt(option.NUMBER().getText());
            hasTimestamp |= option.TIMESTAMP() != null;
            isSackPermitted |= option.SACK_PERM() != null;
        }
        return new Statement.Synproxy(mss, windowScale, hasTimestamp, isSackPermitted);
    }

    private SynproxyOptions() {}
}
