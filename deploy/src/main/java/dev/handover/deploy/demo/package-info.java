/**
 * The demo's legacy hospital: its schema, its rows made from Synthea's patients, and the clinic that goes on working in
 * it.
 */
@NullMarked
package dev.handover.deploy.demo;

import org.jspecify.annotations.NullMarked;
