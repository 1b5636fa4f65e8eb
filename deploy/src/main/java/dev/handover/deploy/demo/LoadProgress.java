package dev.handover.deploy.demo;

/**
 * How far the legacy hospital is filled.
 *
 * @param table the table being loaded
 * @param tableRows rows loaded into it so far
 * @param rows rows loaded into all tables so far
 */
public record LoadProgress(String table, long tableRows, long rows) {}
