package io.pitstop.archive;

/**
 * Where the catalog has an object.
 *
 * @param catalog OID of the system catalog
 * @param object OID of the object
 * @param part number of a column; 0 for the whole
 */
record ObjectId(long catalog, long object, int part) {
    ObjectId whole() {
        return new ObjectId(catalog, object, 0);
    }
}
