/** Connections to the application's database, and how it feels. */
package io.pitstop.database;
