/// The nftables language: files and commands to changes of a ruleset, a ruleset to text and JSON as `nft` writes them.
package io.millrace.control.nft;
