"""Operations on a document. These modules do not depend on the session."""
