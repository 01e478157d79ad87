-- The migrations of a shop over twenty-four releases, as careful teams write them. Not one of them may alarm anybody.

-- db/migration/V1__customers.sql
CREATE TABLE customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    name       text NOT NULL,
    phone      varchar(20),
    address    text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX customers_created_at ON customers (created_at);
COMMENT ON TABLE customers IS 'Everybody who has ever ordered';
-- db/migration/V1.1__products.sql
CREATE TABLE categories (
    code text PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO categories (code, name) VALUES ('books', 'Books'), ('music', 'Music'), ('games', 'Games');
CREATE TABLE products (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category    text NOT NULL REFERENCES categories (code),
    title       varchar(200) NOT NULL,
    price       numeric(10, 2) NOT NULL CHECK (price >= 0),
    description text,
    attributes  jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX products_category ON products (category, title);
CREATE INDEX products_attributes ON products USING gin (attributes);
-- db/migration/V1.2__orders.sql
CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    status      text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent')),
    ordered_at  timestamptz NOT NULL DEFAULT now(),
    total       numeric(10, 2) NOT NULL
);
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE TABLE order_lines (
    order_id   bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line       smallint NOT NULL,
    product_id bigint NOT NULL REFERENCES products (id),
    quantity   int NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, line)
);
CREATE INDEX order_lines_product_id ON order_lines (product_id);

-- db/migration/V2__newsletter.sql
-- A new column that nobody has to fill.
ALTER TABLE customers ADD COLUMN newsletter boolean NOT NULL DEFAULT false;
-- db/migration/V2.1__last_login.sql
ALTER TABLE customers ADD COLUMN last_login timestamptz, ADD COLUMN logins int NOT NULL DEFAULT 0;

-- db/migration/V3__reviews.sql
CREATE TABLE reviews (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id  bigint NOT NULL REFERENCES products (id),
    customer_id bigint NOT NULL REFERENCES customers (id),
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    words       text,
    written_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (product_id, customer_id)
);
CREATE INDEX reviews_customer_id ON reviews (customer_id);
-- db/migration/V3.1__review_rights.sql
GRANT SELECT ON reviews TO PUBLIC;

-- db/migration/V4__index_orders_status.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status ON orders (status) WHERE status <> 'sent';
-- db/migration/V4.1__index_categories_name.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS categories_name ON categories (lower(name));

-- db/migration/V5__longer_title.sql
-- Both only widen what is there: no row changes.
ALTER TABLE products ALTER COLUMN title TYPE varchar(400);
-- db/migration/V5.1__free_phone.sql
ALTER TABLE customers ALTER COLUMN phone TYPE text;
-- db/migration/V5.2__larger_totals.sql
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2);

-- db/migration/V6__product_status.sql
-- The old version does not know the column, so it has a default.
ALTER TABLE products ADD COLUMN status text NOT NULL DEFAULT 'on sale';
-- db/finish/V6.1__product_status_values.sql
ALTER TABLE products ADD CONSTRAINT product_status_values CHECK (status IN ('on sale', 'sold out')) NOT VALID;
-- db/finish/V6.2__validate_product_status_values.sql
ALTER TABLE products VALIDATE CONSTRAINT product_status_values;

-- db/migration/V7__slug.sql
-- products.slug: filled by a trigger for new rows, by the backfill for old ones.
ALTER TABLE products ADD COLUMN slug text;
CREATE FUNCTION products_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.slug IS NULL THEN
        NEW.slug := lower(replace(NEW.title, ' ', '-')) || '-' || NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_products_slug
    BEFORE INSERT OR UPDATE OF title, slug ON products
    FOR EACH ROW
    WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION products_slug();
-- db/backfill/B7__slug.sql
-- backfill: table=products key=id
-- remaining: SELECT count(*) FROM products WHERE slug IS NULL
UPDATE products SET slug = lower(replace(title, ' ', '-')) || '-' || id WHERE id BETWEEN :from AND :to AND slug IS NULL;
-- db/finish/V7.1__slug_index.sql
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS products_slug ON products (slug);
-- db/finish/V7.2__slug_unique.sql
ALTER TABLE products ADD CONSTRAINT products_slug UNIQUE USING INDEX products_slug;
-- db/finish/V7.3__slug_present.sql
ALTER TABLE products ADD CONSTRAINT products_slug_present CHECK (slug IS NOT NULL) NOT VALID;
-- db/finish/V7.4__validate_slug_present.sql
ALTER TABLE products VALIDATE CONSTRAINT products_slug_present;
-- db/finish/V7.5__slug_not_null.sql
ALTER TABLE products ALTER COLUMN slug SET NOT NULL;
-- db/finish/V7.6__drop_slug_present.sql
ALTER TABLE products DROP CONSTRAINT products_slug_present;

-- db/migration/V8__suppliers.sql
CREATE TABLE suppliers (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);
-- db/migration/V8.1__supplier_of_product.sql
ALTER TABLE products ADD COLUMN supplier_id bigint;
-- db/finish/V8.1__index_supplier_id.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS products_supplier_id ON products (supplier_id);
-- db/finish/V8.2__supplier_key.sql
ALTER TABLE products ADD CONSTRAINT products_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id) NOT VALID;
-- db/finish/V8.3__validate_supplier_key.sql
ALTER TABLE products VALIDATE CONSTRAINT products_supplier;

-- db/migration/V9__recent_orders.sql
CREATE VIEW recent_orders AS
SELECT id, customer_id, total FROM orders WHERE ordered_at > now() - interval '30 days';
-- db/migration/V9.1__bestsellers.sql
CREATE MATERIALIZED VIEW bestsellers AS
SELECT product_id, sum(quantity) AS sold FROM order_lines GROUP BY product_id;
CREATE UNIQUE INDEX bestsellers_product_id ON bestsellers (product_id);

-- db/migration/V10__refresh_bestsellers.sql
REFRESH MATERIALIZED VIEW CONCURRENTLY bestsellers;
-- db/migration/V10.1__recent_orders_status.sql
CREATE OR REPLACE VIEW recent_orders AS
SELECT id, customer_id, total, status FROM orders WHERE ordered_at > now() - interval '30 days';

-- db/migration/V11__events.sql
-- A partitioned table is new with all of its partitions.
CREATE TABLE events (
    id     bigint GENERATED ALWAYS AS IDENTITY,
    at     timestamptz NOT NULL,
    what   text NOT NULL,
    detail jsonb,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_at ON events (at);

-- db/migration/V12__events_2027.sql
-- Next year's partition of a table in use: made alone, then attached.
CREATE TABLE events_2027 (
    LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    PRIMARY KEY (id, at),
    CHECK (at >= '2027-01-01' AND at < '2028-01-01')
);
-- db/migration/V12.1__rest_has_no_2027.sql
ALTER TABLE events_rest ADD CONSTRAINT no_2027 CHECK (at < '2027-01-01' OR at >= '2028-01-01') NOT VALID;
-- db/migration/V12.2__validate_rest_has_no_2027.sql
ALTER TABLE events_rest VALIDATE CONSTRAINT no_2027;
-- db/migration/V12.3__attach_events_2027.sql
ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

-- db/migration/V13__split_name.sql
-- customers.name becomes first_name and last_name; each version writes its own side.
ALTER TABLE customers ADD COLUMN first_name text, ADD COLUMN last_name text;
CREATE FUNCTION customers_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.name IS NULL OR TG_OP = 'UPDATE' AND NEW.name IS NOT DISTINCT FROM OLD.name THEN
        NEW.name := trim(concat(NEW.first_name, ' ', NEW.last_name));
    ELSE
        NEW.first_name := split_part(NEW.name, ' ', 1);
        NEW.last_name := substr(NEW.name, length(split_part(NEW.name, ' ', 1)) + 2);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_customers_names
    BEFORE INSERT OR UPDATE OF name, first_name, last_name ON customers
    FOR EACH ROW
    WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION customers_names();
-- db/backfill/B13__names.sql
-- backfill: table=customers key=id
-- remaining: SELECT count(*) FROM customers WHERE last_name IS NULL
UPDATE customers
SET first_name = split_part(name, ' ', 1), last_name = substr(name, length(split_part(name, ' ', 1)) + 2)
WHERE id BETWEEN :from AND :to AND last_name IS NULL;
-- db/finish/V13.1__index_last_name.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_last_name ON customers (last_name, first_name);
-- db/contract/V13.1__drop_name.sql
DROP TRIGGER zz_customers_names ON customers;
ALTER TABLE customers DROP COLUMN name;
-- db/contract/V13.2__drop_names_function.sql
DROP FUNCTION customers_names();

-- db/migration/V14__likes_as_bigint.sql
-- order_lines.quantity becomes wider by way of a new column.
ALTER TABLE order_lines ADD COLUMN pieces bigint;
CREATE FUNCTION order_lines_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.quantity IS NULL OR TG_OP = 'UPDATE' AND NEW.quantity = OLD.quantity THEN
        NEW.quantity := NEW.pieces;
    ELSE
        NEW.pieces := NEW.quantity;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_order_lines_pieces
    BEFORE INSERT OR UPDATE OF quantity, pieces ON order_lines
    FOR EACH ROW
    WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION order_lines_pieces();
-- db/backfill/B14__pieces.sql
-- backfill: table=order_lines key=order_id
-- remaining: SELECT count(*) FROM order_lines WHERE pieces IS NULL
UPDATE order_lines SET pieces = quantity WHERE order_id BETWEEN :from AND :to AND pieces IS NULL;
-- db/finish/V14.1__pieces_present.sql
ALTER TABLE order_lines ADD CONSTRAINT pieces_present CHECK (pieces IS NOT NULL AND pieces > 0) NOT VALID;
-- db/finish/V14.2__validate_pieces_present.sql
ALTER TABLE order_lines VALIDATE CONSTRAINT pieces_present;
-- db/finish/V14.3__pieces_not_null.sql
ALTER TABLE order_lines ALTER COLUMN pieces SET NOT NULL;
-- db/contract/V14.1__drop_quantity.sql
DROP TRIGGER zz_order_lines_pieces ON order_lines;
DROP MATERIALIZED VIEW bestsellers;
ALTER TABLE order_lines DROP COLUMN quantity;
-- db/contract/V14.2__drop_pieces_function.sql
DROP FUNCTION order_lines_pieces();

-- db/migration/V15__status_returned.sql
-- One more value that a CHECK allows: a new constraint beside the old one, which goes in the same moment.
ALTER TABLE orders ADD CONSTRAINT orders_status_values CHECK (status IN ('new', 'paid', 'sent', 'returned')) NOT VALID;
-- db/migration/V15.1__drop_old_status_values.sql
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
-- db/finish/V15.1__validate_status_values.sql
ALTER TABLE orders VALIDATE CONSTRAINT orders_status_values;

-- db/migration/V16__addresses.sql
CREATE TABLE addresses (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    street      text NOT NULL,
    UNIQUE (customer_id, street)
);
-- db/backfill/B16__addresses.sql
-- backfill: table=customers key=id
-- remaining: SELECT count(*) FROM customers c WHERE address IS NOT NULL AND NOT EXISTS (SELECT FROM addresses WHERE customer_id = c.id)
INSERT INTO addresses (customer_id, street)
SELECT id, address FROM customers WHERE id BETWEEN :from AND :to AND address IS NOT NULL
ON CONFLICT DO NOTHING;
-- db/contract/V16.1__drop_address.sql
ALTER TABLE customers DROP COLUMN address;

-- db/migration/V17__settings.sql
CREATE TABLE settings (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO settings (key, value) VALUES ('mails', 'on'), ('theme', 'light');
-- db/migration/V17.1__audit.sql
-- Row level security on a table that nobody has used yet.
CREATE TABLE audit (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL DEFAULT current_setting('app.tenant', true),
    what   text NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_of_tenant ON audit USING (tenant = current_setting('app.tenant', true));

-- db/migration/V18__dark_theme.sql
UPDATE settings SET value = 'dark' WHERE key = 'theme';
-- db/migration/V18.1__more_settings.sql
INSERT INTO settings (key, value) VALUES ('language', 'en') ON CONFLICT (key) DO NOTHING;
-- db/contract/V18.1__fewer_settings.sql
DELETE FROM settings WHERE key = 'mails';

-- db/migration/V19__total_of.sql
CREATE FUNCTION total_of(wanted bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT sum(pieces * price) FROM order_lines JOIN products ON products.id = product_id WHERE order_id = wanted
$$;
-- db/migration/V19.1__statistics.sql
CREATE STATISTICS orders_by_customer (dependencies) ON customer_id, status FROM orders;
-- db/migration/V19.2__vacuum_settings.sql
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.02);
-- db/migration/V19.3__more_detail.sql
ALTER TABLE orders ALTER COLUMN customer_id SET STATISTICS 500;

-- db/migration/V20__wish_lists.sql
CREATE TABLE wish_lists (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    name        text NOT NULL DEFAULT 'my wishes'
);
CREATE INDEX wish_lists_customer_id ON wish_lists (customer_id);
CREATE TABLE wishes (
    wish_list_id bigint NOT NULL REFERENCES wish_lists (id) ON DELETE CASCADE,
    product_id   bigint NOT NULL REFERENCES products (id),
    PRIMARY KEY (wish_list_id, product_id)
);
CREATE INDEX wishes_product_id ON wishes (product_id);
-- db/migration/V20.1__wishes_noted_at.sql
ALTER TABLE wishes ADD COLUMN noted_at timestamptz NOT NULL DEFAULT now();

-- db/migration/V21__better_index.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_ordered_at ON orders (customer_id, ordered_at DESC);
-- db/contract/V21.1__drop_orders_customer_id.sql
DROP INDEX CONCURRENTLY IF EXISTS orders_customer_id;

-- db/migration/V22__slug_for_renamed.sql
-- A trigger's function can be changed without a lock on its table.
CREATE OR REPLACE FUNCTION products_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.slug IS NULL OR TG_OP = 'UPDATE' AND NEW.title <> OLD.title THEN
        NEW.slug := lower(replace(NEW.title, ' ', '-')) || '-' || NEW.id;
    END IF;
    RETURN NEW;
END $$;
-- db/migration/V22.1__comments.sql
COMMENT ON COLUMN products.slug IS 'Part of the address of its page';
COMMENT ON INDEX categories_name IS 'For the search by name';
-- db/migration/V22.2__numbers.sql
CREATE SEQUENCE invoice_numbers AS bigint START WITH 1000;
CREATE TABLE invoices (
    number   bigint PRIMARY KEY DEFAULT nextval('invoice_numbers'),
    order_id bigint NOT NULL REFERENCES orders (id),
    due      date NOT NULL,
    UNIQUE (order_id)
);
ALTER SEQUENCE invoice_numbers OWNED BY invoices.number;

-- db/migration/V23__rename_table.sql
-- The old name stays as a view that the old version can write to.
ALTER TABLE wishes RENAME TO wish_list_items;
CREATE VIEW wishes AS SELECT wish_list_id, product_id, noted_at FROM wish_list_items;
-- db/contract/V23.1__drop_wishes.sql
DROP VIEW wishes;
-- db/migration/V23.1__guarded.sql
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reports') THEN
        CREATE ROLE reports;
    END IF;
END $$;
-- db/migration/V23.2__reports.sql
GRANT SELECT ON orders, order_lines TO reports;

-- db/contract/V24.1__drop_recent_orders.sql
DROP VIEW recent_orders;
-- db/contract/V24.2__drop_reviews_of_product.sql
-- The keys go first, each alone; then nothing else is locked when the table goes.
ALTER TABLE reviews DROP CONSTRAINT reviews_product_id_fkey;
-- db/contract/V24.3__drop_reviews_of_customer.sql
ALTER TABLE reviews DROP CONSTRAINT reviews_customer_id_fkey;
-- db/contract/V24.4__drop_reviews.sql
DROP TABLE reviews;
-- db/migration/V24__analyze.sql
ANALYZE orders;
-- db/migration/V24.1__vacuum.sql
VACUUM (ANALYZE) customers;

-- db/migration/V25__as_dumped.sql
-- As a dump, or a mapper that writes SQL, would have it.
CREATE TABLE public."InvoiceLines" (
    "Id" bigint NOT NULL,
    "InvoiceNumber" bigint NOT NULL,
    "Text" character varying(200) DEFAULT ''::character varying NOT NULL,
    "Amount" numeric(12,2) NOT NULL
);
ALTER TABLE ONLY public."InvoiceLines" ADD CONSTRAINT "PK_InvoiceLines" PRIMARY KEY ("Id");
CREATE INDEX "IX_InvoiceLines_InvoiceNumber" ON public."InvoiceLines" USING btree ("InvoiceNumber");
COMMENT ON TABLE public."InvoiceLines" IS 'What an invoice is made of';
-- db/migration/V25.1__invoice_lines_of_invoices.sql
ALTER TABLE public."InvoiceLines" ADD CONSTRAINT "FK_InvoiceLines_Invoices"
    FOREIGN KEY ("InvoiceNumber") REFERENCES public.invoices (number) ON DELETE CASCADE NOT VALID;
-- db/finish/V25.1__validate_invoice_lines.sql
ALTER TABLE public."InvoiceLines" VALIDATE CONSTRAINT "FK_InvoiceLines_Invoices";
-- db/migration/V25.2__partial_index.sql
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS invoices_one_due ON invoices (due) WHERE number < 0;
-- db/migration/V25.3__outbox.sql
CREATE TABLE IF NOT EXISTS outbox (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    topic      text NOT NULL,
    payload    jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz
);
CREATE INDEX IF NOT EXISTS outbox_unsent ON outbox (created_at) WHERE sent_at IS NULL;
