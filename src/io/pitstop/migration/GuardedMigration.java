package io.pitstop.migration;

import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.extensibility.MigrationType;
import org.flywaydb.core.internal.info.MigrationInfoContext;

/** A migration as Flyway found it, but for the way in which it is executed. */
record GuardedMigration(ResolvedMigration migration, MigrationExecutor executor) implements ResolvedMigration {
    @Override
    public MigrationVersion getVersion() {
        return migration.getVersion();
    }

    @Override
    public String getDescription() {
        return migration.getDescription();
    }

    @Override
    public String getScript() {
        return migration.getScript();
    }

    @Override
    public Integer getChecksum() {
        return migration.getChecksum();
    }

    @Override
    public MigrationType getType() {
        return migration.getType();
    }

    @Override
    public String getPhysicalLocation() {
        return migration.getPhysicalLocation();
    }

    @Override
    public MigrationExecutor getExecutor() {
        return executor;
    }

    @Override
    public MigrationState getState(MigrationInfoContext context) {
        return migration.getState(context);
    }

    @Override
    public boolean canCompareWith(ResolvedMigration other) {
        return migration.canCompareWith(other instanceof GuardedMigration guarded ? guarded.migration : other);
    }

    @Override
    public boolean checksumMatches(Integer checksum) {
        return migration.checksumMatches(checksum);
    }

    @Override
    public boolean checksumMatchesWithoutBeingIdentical(Integer checksum) {
        return migration.checksumMatchesWithoutBeingIdentical(checksum);
    }
}
