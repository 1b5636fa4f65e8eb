package dev.handover.deploy.config;

/** A place in a pipeline file; both count from 1. */
public record Place(int line, int column) {}
