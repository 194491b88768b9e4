/// `nft`, with the language, output and messages of nftables.
///
/// Start with [io.millrace.control.command.nft.NftCommand].
package io.millrace.control.command.nft;
