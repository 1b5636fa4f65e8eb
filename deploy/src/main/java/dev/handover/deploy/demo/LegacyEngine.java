package dev.handover.deploy.demo;

import java.util.List;
import java.util.Locale;

/** The two database engines the legacy hospital is built on, and how each spells what they do not share. */
public enum LegacyEngine {
    /** PostgreSQL 12 or newer. */
    POSTGRES,
    /** MariaDB 10.6 or newer with InnoDB. */
    MARIADB;

    /** The one of two spellings that is this engine's. */
    <T> T pick(T postgres, T mariadb) {
        return this == POSTGRES ? postgres : mariadb;
    }

    /** A file of this package whose name carries the engine: {@code schema-postgres.sql}. */
    String resource(String stem, String extension) {
        return stem + "-" + name().toLowerCase(Locale.ROOT) + "." + extension;
    }

    /** An instant written in UTC, as the engine's column with (or without) a zone reads it. */
    String instant(String utcWithoutZone) {
        return pick(utcWithoutZone + "+00", utcWithoutZone);
    }

    /** A truth value; both engines read it from text. */
    static String flag(boolean value) {
        return value ? "1" : "0";
    }

    /** A list of words: an array on PostgreSQL, a SET (or a plain list) on MariaDB. */
    String words(List<String> words) {
        return pick("{" + String.join(",", words) + "}", String.join(",", words));
    }

    /** What every session that writes to the legacy hospital sets first, so that one SQL text serves both engines. */
    List<String> sessionSettings() {
        return pick(
                List.of("SET TIME ZONE 'UTC'", "SET standard_conforming_strings = on"),
                List.of(
                        "SET NAMES utf8mb4",
                        "SET SESSION time_zone = '+00:00'",
                        "SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"));
    }
}
