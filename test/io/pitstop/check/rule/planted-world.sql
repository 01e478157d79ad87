DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'planted_app') THEN
        CREATE ROLE planted_app;
        CREATE ROLE planted_archive;
    END IF;
END $$;
CREATE TYPE status AS ENUM ('draft', 'published');
CREATE DOMAIN email AS text;
CREATE TABLE blogs (id bigint PRIMARY KEY);
CREATE TABLE authors (id bigint PRIMARY KEY, email text UNIQUE, name text);
CREATE TABLE posts (
    id bigint PRIMARY KEY, title text NOT NULL, slug text, day date, likes int NOT NULL, author_name text,
    author_id bigint, blog_id bigint, status status DEFAULT 'published');
CREATE TABLE comments (id bigint, content text);
CREATE TABLE tags (id bigint PRIMARY KEY, name text);
CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO blogs SELECT n FROM generate_series(1, 10) n;
INSERT INTO authors SELECT n, 'mail ' || n, 'author' FROM generate_series(1, 1000) n;
INSERT INTO posts SELECT n, 'Title ' || n, 'slug ' || n, '2025-01-01', n, 'author', 1 + n % 1000, 1 + n % 10,
    (CASE WHEN n % 2 = 1 THEN 'draft' ELSE 'published' END)::status FROM generate_series(1, :rows) n;
INSERT INTO comments SELECT n, 'content' FROM generate_series(1, 10) n;
INSERT INTO events SELECT n, '2025-01-01' FROM generate_series(1, 100) n;
CREATE INDEX posts_slug ON posts (slug);
CREATE INDEX posts_author_id ON posts (author_id);
CREATE VIEW recent_posts AS SELECT id, title FROM posts WHERE id < 10;
CREATE MATERIALIZED VIEW top_posts AS SELECT id, title FROM posts WHERE id < 10;
CREATE FUNCTION posts_slug() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.slug := lower(NEW.title); RETURN NEW; END';
CREATE SCHEMA legacy;
CREATE TABLE legacy.comments (id bigint);
ANALYZE;
