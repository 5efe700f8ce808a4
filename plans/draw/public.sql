-- What the public side may read of draws (decisions.md 2, 3; SSJ1 11): at once what does not say who was drawn, the rest
-- after release. A view is dropped and made anew, because PostgreSQL lets nobody rename or take away a column of one.
-- needs plans/corrections/rules.sql

-- With the ABORT everything of the draw is public but what never came about (SSJ1 11): the roster too.
DROP VIEW IF EXISTS plans_public_document;
CREATE VIEW plans_public_document AS
    SELECT x.id, d.draw_id, d.unit_id, d.year, d.number AS quarter, d.serial, x.kind, x.run, x.number, x.text, x.digest, x.at
    FROM plans_drawdocument x JOIN plans_draw d ON d.id = x.draw_id
    WHERE x.kind IN ('MANIFEST', 'FRAME', 'SLIPS', 'ABORT')
       OR EXISTS (SELECT 1 FROM plans_drawrelease r WHERE r.draw_id = x.draw_id)
       OR x.kind = 'ROSTER' AND EXISTS (SELECT 1 FROM plans_drawdocument a WHERE a.draw_id = x.draw_id AND a.kind = 'ABORT');

DROP VIEW IF EXISTS plans_public_chain;
CREATE VIEW plans_public_chain AS
    SELECT c.seq, c.prev, c.link, c.kind, d.draw_id, c.doc, c.at, c.text
    FROM plans_chainentry c LEFT JOIN plans_draw d ON d.id = c.draw_id;

-- The record of before the day of first use is the chain's first entry (SSJ1 10); who gave none is named beside it.
DROP VIEW IF EXISTS plans_public_carry;
CREATE VIEW plans_public_carry AS
    SELECT c.id, c.text, c.digest, c.silent, c.document_no AS document, c.decided_at AS at FROM plans_carry c
    WHERE c.state = 'APPROVED';

-- A public value is public from the moment at which two people typed it alike (SSJ1 14.1): without the sealed number it
-- says nothing about who is drawn, and whoever keeps the notice can compare it before the names are open.
DROP VIEW IF EXISTS plans_public_value;
CREATE VIEW plans_public_value AS
    SELECT min(e.id) AS id, d.draw_id, e.position, draw_value_valid(e.draw_id, e.position) AS value
    FROM plans_valueentry e JOIN plans_draw d ON d.id = e.draw_id
    GROUP BY d.draw_id, e.draw_id, e.position
    HAVING draw_value_valid(e.draw_id, e.position) IS NOT NULL;

-- Why a draw was held after its day; its words name nobody of the sealed lists (七(二)-a).
DROP VIEW IF EXISTS plans_public_lateness;
CREATE VIEW plans_public_lateness AS SELECT draw_id, late_reason AS reason FROM plans_draw WHERE late_reason <> '';

-- A correction is public at once, with both values: they are public anyway, and say nothing about who is drawn.
DROP VIEW IF EXISTS plans_public_correction;
CREATE VIEW plans_public_correction AS
    SELECT e.id, d.draw_id, c.run, e.position, draw_value_valid(e.draw_id, e.position, c.id) AS was, e.value,
           c.reason, c.evidence, u.full_name AS person, c.document_no AS document, c.decided_at AS at
    FROM plans_correctionrequest c JOIN plans_draw d ON d.id = c.draw_id JOIN accounts_user u ON u.id = c.decided_by_id
    JOIN plans_valueentry e ON e.correction_id = c.id AND e.entered_by_id = c.decided_by_id
    WHERE c.state = 'APPROVED';
