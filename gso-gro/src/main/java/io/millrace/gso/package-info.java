/// Segmentation: one super-packet in, packets of the size that the wire takes out.
package io.millrace.gso;
