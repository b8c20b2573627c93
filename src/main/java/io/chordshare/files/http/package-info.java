/**
 * Files over HTTP: uploads, forms, downloads, ranges and conditions.
 */
@NullMarked
@NamedInterface("http")
package io.chordshare.files.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
