-- Version 1 of the blog: a post carries its author along.
CREATE TABLE posts (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title        text NOT NULL,
    content      text NOT NULL,
    author_name  text NOT NULL,
    author_email text NOT NULL
);

CREATE INDEX posts_author_email ON posts (author_email);
