/// Says in flower filters what chains with `flags offload` say in nftables' words.
///
/// Start with [io.millrace.flow.flower.nft.OffloadedChains].
package io.millrace.flow.flower.nft;
