def render_pdf(invoice):
    html_path = f"/tmp/invoice-{invoice.id}.html"
    pdf_path = f"/tmp/invoice-{invoice.id}.pdf"
    with open(html_path, "w") as html:
        html.write(render_html(invoice))
    subprocess.run(
        ["wkhtmltopdf", html_path, pdf_path], check=True, timeout=60
    )
    with open(pdf_path, "rb") as pdf:
        content = pdf.read()
    os.remove(html_path)
    os.remove(pdf_path)
    return content
