package dev.handover.deploy.config;

/** A configuration record that has more to check than its constructor can, once it is whole. */
interface Checked {
    /** @throws Invalid when the values do not go together */
    void check();
}
