/// The parser of the nftables language, generated from `src/main/antlr4`, and what it reserves.
package io.millrace.control.nft.grammar;
