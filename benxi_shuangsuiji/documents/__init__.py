"""Papers and workbooks, made and read; knows no business. Addresses: /desk/jobs/.

`files`: stored by what they contain. `jobs`: work in the background, a row of which is the truth. `official`: papers in Word.
"""
