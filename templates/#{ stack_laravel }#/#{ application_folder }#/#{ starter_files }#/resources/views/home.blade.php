{{-- The page that visitors see. --}}
<!doctype html>
<html lang="en">
<title>It runs</title>
<link rel="stylesheet" href="/style.css">
<h1>It runs.</h1>
</html>
