"""Mail addresses in one spelling."""

LONGEST = 254


class BadAddress(ValueError):
    """Not an address that mail can be sent to."""


def normalised(address: str) -> str:
    """The address in lower case, its domain in ASCII (RFC 5890), so that one mailbox has one spelling.

    RFC 5321 §2.4 lets a server tell `Anna@` from `anna@`; none in use does, and people type both. Addresses that would
    need SMTPUTF8 (RFC 6531) or quoting are refused: too few servers take them. Raises `BadAddress`.
    """
    # Only here: its table of characters takes a while, which every start would have to wait.
    from email_validator import EmailNotValidError, validate_email

    address = address.strip()
    if len(address) > LONGEST:
        raise BadAddress(f"longer than {LONGEST} characters")
    if "=?" in address:
        raise BadAddress("could be taken for an encoded word (RFC 2047)")
    try:
        # The "test environment" allows names under .test, which never reach anybody (RFC 6761 §6.2).
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadAddress(str(error)) from error
    if found.ascii_email is None:
        raise BadAddress("cannot be written in ASCII")
    return found.ascii_email.lower()
