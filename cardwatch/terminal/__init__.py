"""What commands print: tables, cards, locators."""
