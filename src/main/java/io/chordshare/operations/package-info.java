/**
 * Operation of a node: health, metrics, the {@code ring} actuator endpoint and the OpenAPI document. Only reads other
 * packages; nothing depends on it.
 */
@NullMarked
package io.chordshare.operations;

import org.jspecify.annotations.NullMarked;
