def parse_expression(tokens):
    token = tokens.pop(0)
    if token == "(":
        items = []
        while tokens[0] != ")":
            items.append(parse_expression(tokens))
        tokens.pop(0)
        return items
    if token == "not":
        return ["not", parse_expression(tokens)]
    return token


def evaluate(node, record):
    if isinstance(node, list):
        return OPERATORS[node[0]](
            *(evaluate(child, record) for child in node[1:])
        )
    return record.get(node)
